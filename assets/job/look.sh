# id
look
