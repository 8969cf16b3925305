package judgements

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// galeraRows compares the rows that are there now with those that were counted before the start and
// with those of the site's last good picture. What is fewer is said with numbers: a row that was
// deleted in between cannot be told from one that is lost, so it is for a person to judge. So is a node that has
// fewer than another one: what was typed at its console was counted at another moment.
//
// Facts are lists of TABLE=N, N ? where a table could not be counted: rows_after (now, on each
// member), rows_before (on what still ran before the start), and `rows` of the baseline.
func galeraRows() Judgement {
	return Judgement{
		Name: "galera.rows", Reads: []string{"rows_after", "rows_before"},
		HostOutputs: []string{"fewer"},
		Outputs:     []string{"rows_less", "rows_said"},
		Judge:       judgeRows,
	}
}

func judgeRows(in Input) Output {
	now, before := counts{}, counts{}
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	for _, h := range in.Hosts {
		f := facts(h.Facts)
		now.most(f.text("rows_after"))
		before.most(f.text("rows_before"))
	}
	then := counts{}
	if in.Then != nil {
		for _, h := range in.Hosts { // another cluster's tables may have the same names
			then.most(facts(in.Then.Facts[h.Name]).text("rows"))
		}
	}
	var apart []string // nodes that have fewer rows than another one
	for _, h := range in.Hosts {
		own := counts{}
		own.most(facts(h.Facts).text("rows_after"))
		v := Verdict{Facts: map[string]steps.Value{"fewer": absent()}, Level: OK, Reason: i18n.Text{En: "not counted", Ko: "세지 않음"}}
		if len(own) > 0 {
			less := append(own.fewer(then), own.fewer(before)...)
			slices.Sort(less)
			less = slices.Compact(less)
			v.Facts["fewer"] = value(strings.Join(less, " "))
			v.Reason = i18n.Text{En: "as many as then, or more", Ko: "이전과 같거나 많음"}
			if len(less) > 0 {
				v.Level, v.Reason = Odd, i18n.Text{En: "fewer than then: " + strings.Join(less, ", "), Ko: "이전보다 적음: " + strings.Join(less, ", ")}
			} else if v.Facts["fewer"] = value("none"); len(then)+len(before) == 0 {
				v.Facts["fewer"], v.Reason = absent(), i18n.Text{En: "there is no earlier count", Ko: "이전 행 수 없음"}
			}
			if behind := strings.Join(own.fewer(now), ", "); behind != "" {
				apart = append(apart, h.Name+": "+behind)
				v.Level, v.Facts["fewer"] = Odd, value(strings.Join(slices.Compact(slices.Sorted(slices.Values(append(less, own.fewer(now)...)))), " "))
				v.Reason = i18n.Text{En: "fewer than on another node: " + behind, Ko: "다른 노드보다 적음: " + behind}
			}
		}
		out.Hosts[h.Name] = v
	}
	var en, ko []string
	less := false
	say := func(with counts, whenEn, whenKo string) {
		if len(with) == 0 {
			return
		}
		if fewer := now.fewer(with); len(fewer) > 0 {
			less = true
			en = append(en, fmt.Sprintf("Fewer rows than %s: %s (then -> now). They were deleted since, or are LOST.", whenEn, strings.Join(fewer, ", ")))
			ko = append(ko, fmt.Sprintf("%s보다 행 수가 적습니다: %s(당시 -> 현재). 그 사이 삭제되었거나 유실된 것입니다.", whenKo, strings.Join(fewer, ", ")))
			return
		}
		en = append(en, fmt.Sprintf("No table has fewer rows than %s.", whenEn))
		ko = append(ko, fmt.Sprintf("%s보다 행 수가 적은 테이블이 없습니다.", whenKo))
	}
	if in.Then != nil {
		say(then, fmt.Sprintf("in the baseline of %s", in.Then.At), fmt.Sprintf("기준 상태(%s)", in.Then.At))
	}
	say(before, "before the start", "시작 전")
	if len(en) == 0 {
		en, ko = []string{"There is no earlier count to compare the rows with (stackhand baseline keeps one)."}, []string{"비교할 이전 행 수가 없습니다(stackhand baseline으로 남길 수 있습니다)."}
	}
	if len(apart) > 0 {
		less = true
		en = append(en, "Fewer rows than on another node: "+strings.Join(apart, "; ")+". They were counted at another moment, or are LOST there.")
		ko = append(ko, "다른 노드보다 행 수가 적습니다: "+strings.Join(apart, "; ")+". 센 시점이 다르거나 그 노드에서 유실된 것입니다.")
	}
	out.Lets["rows_less"] = value(less)
	out.Lets["rows_said"] = steps.SaidValue(i18n.Text{En: strings.Join(en, " "), Ko: strings.Join(ko, " ")})
	return out
}

// counts are rows by table.
type counts map[string]int

// most takes in a list of TABLE=N; where a table is there already the larger number counts.
func (c counts) most(list string) {
	for _, word := range strings.Fields(list) {
		table, number, _ := strings.Cut(word, "=")
		if n, err := strconv.Atoi(number); err == nil && n >= 0 {
			if had, there := c[table]; !there || n > had {
				c[table] = n
			}
		}
	}
}

// fewer lists the tables that have fewer rows than then, as TABLE=THEN->NOW.
func (c counts) fewer(then counts) (list []string) {
	for _, table := range slices.Sorted(maps.Keys(then)) {
		if n, there := c[table]; there && n < then[table] {
			list = append(list, fmt.Sprintf("%s=%d->%d", table, then[table], n))
		}
	}
	return list
}
