-- Counts can have a retention of their own.

ALTER TABLE rollup_head
  ADD COLUMN counts_since DATE NULL COMMENT 'first day whose counts are all kept, since retention has dropped older ones; NULL: all days';
