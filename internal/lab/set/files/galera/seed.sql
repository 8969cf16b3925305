CREATE DATABASE IF NOT EXISTS keystone;
CREATE DATABASE IF NOT EXISTS nova;
CREATE USER IF NOT EXISTS 'keystone'@'%' IDENTIFIED BY '{keystone}';
CREATE USER IF NOT EXISTS 'nova'@'%' IDENTIFIED BY '{nova}';
GRANT ALL PRIVILEGES ON keystone.* TO 'keystone'@'%';
GRANT ALL PRIVILEGES ON nova.* TO 'nova'@'%';
CREATE TABLE IF NOT EXISTS keystone.project (
  id varchar(64) NOT NULL PRIMARY KEY, name varchar(64) NOT NULL, extra text, description text, enabled tinyint(1),
  domain_id varchar(64) NOT NULL, parent_id varchar(64), is_domain tinyint(1) NOT NULL DEFAULT 0,
  UNIQUE KEY ixu_project_name_domain_id (domain_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE IF NOT EXISTS nova.services (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid varchar(36), host varchar(255), `binary` varchar(255), topic varchar(255),
  report_count int NOT NULL, disabled tinyint(1), disabled_reason varchar(255), forced_down tinyint(1), last_seen_up datetime,
  version int, created_at datetime, updated_at datetime, deleted_at datetime, deleted int DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE IF NOT EXISTS nova.instances (
  id int NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid varchar(36) NOT NULL, display_name varchar(255), hostname varchar(255),
  user_id varchar(255), project_id varchar(255), image_ref varchar(255), host varchar(255), node varchar(255), launched_on text,
  power_state int, vm_state varchar(255), task_state varchar(255), memory_mb int, vcpus int, root_gb int, ephemeral_gb int,
  instance_type_id int, availability_zone varchar(255), locked tinyint(1), created_at datetime, updated_at datetime, deleted_at datetime,
  launched_at datetime, terminated_at datetime, deleted int DEFAULT 0,
  UNIQUE KEY uniq_instances0uuid (uuid), KEY instances_host_deleted_cleaned_idx (host, deleted)
) ENGINE=InnoDB DEFAULT CHARSET=utf8;
INSERT IGNORE INTO keystone.project VALUES
  ('default', 'Default', '{}', 'The default domain', 1, '<<keystone.domain.root>>', NULL, 1),
  ('8f1d5c7a0e2b4c6d9f3a1b5c7d9e0f21', 'admin', '{}', 'Bootstrap project', 1, 'default', 'default', 0),
  ('2c4e6a8b0d1f4e3c9a7b5d3f1e0c8a64', 'service', '{}', 'Service project', 1, 'default', 'default', 0),
  ('5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'desktops', '{}', '', 1, 'default', 'default', 0);
INSERT IGNORE INTO nova.services (id, uuid, host, `binary`, topic, report_count, disabled, forced_down, version, created_at, last_seen_up) VALUES
  (1, '0a6b1c52-7d0e-4f6c-8f0a-3e1d2c4b5a69', 'db1', 'nova-conductor', 'conductor', 120, 0, 0, 61, '2026-01-05 01:00:00', '2026-01-05 02:00:00'),
  (2, '1b7c2d63-8e1f-4a7d-9a1b-4f2e3d5c6b70', 'db1', 'nova-scheduler', 'scheduler', 120, 0, 0, 61, '2026-01-05 01:00:00', '2026-01-05 02:00:00'),
  (3, '2c8d3e74-9f20-4b8e-8b2c-5a3f4e6d7c81', 'cmp1', 'nova-compute', 'compute', 118, 0, 0, 61, '2026-01-05 01:00:00', '2026-01-05 02:00:00'),
  (4, '3d9e4f85-a031-4c9f-9c3d-6b4a5f7e8d92', 'cmp2', 'nova-compute', 'compute', 119, 0, 0, 61, '2026-01-05 01:00:00', '2026-01-05 02:00:00');
INSERT IGNORE INTO nova.instances (id, uuid, display_name, hostname, project_id, host, node, launched_on, power_state, vm_state, memory_mb, vcpus, root_gb, ephemeral_gb, instance_type_id, availability_zone, locked, created_at, launched_at, deleted) VALUES
  (1, 'a1f0c3d2-5b6e-4f70-8a9b-0c1d2e3f4a51', 'desktop-001', 'desktop-001', '5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'cmp1', 'cmp1', 'cmp1', 1, 'active', 4096, 2, 40, 0, 3, 'nova', 0, '2026-01-05 01:10:00', '2026-01-05 01:11:00', 0),
  (2, 'b2a1d4e3-6c7f-4081-9bac-1d2e3f4a5b62', 'desktop-002', 'desktop-002', '5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'cmp1', 'cmp1', 'cmp1', 1, 'active', 4096, 2, 40, 0, 3, 'nova', 0, '2026-01-05 01:12:00', '2026-01-05 01:13:00', 0),
  (3, 'c3b2e5f4-7d80-4192-8cbd-2e3f4a5b6c73', 'desktop-003', 'desktop-003', '5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'cmp2', 'cmp2', 'cmp2', 1, 'active', 4096, 2, 40, 0, 3, 'nova', 0, '2026-01-05 01:14:00', '2026-01-05 01:15:00', 0),
  (4, 'd4c3f605-8e91-42a3-9dce-3f4a5b6c7d84', 'desktop-004', 'desktop-004', '5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'cmp2', 'cmp2', 'cmp2', 4, 'stopped', 4096, 2, 40, 0, 3, 'nova', 0, '2026-01-05 01:16:00', '2026-01-05 01:17:00', 0),
  (5, 'e5d40716-9fa2-43b4-8edf-4a5b6c7d8e95', 'broker-vm', 'broker-vm', '2c4e6a8b0d1f4e3c9a7b5d3f1e0c8a64', 'cmp1', 'cmp1', 'cmp1', 1, 'active', 8192, 4, 80, 0, 4, 'nova', 0, '2026-01-05 01:05:00', '2026-01-05 01:06:00', 0),
  (6, 'f6e51827-a0b3-44c5-9fe0-5b6c7d8e9fa6', 'desktop-old', 'desktop-old', '5b7d9f1a3c5e4d2b8f6a4c2e0d1b3f98', 'cmp2', 'cmp2', 'cmp2', 1, 'deleted', 4096, 2, 40, 0, 3, 'nova', 0, '2026-01-04 01:00:00', '2026-01-04 01:01:00', 6);
