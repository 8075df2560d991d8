-- How big are the tables and their partitions? Rows are estimates of the server.
-- Columns: table_name, partition_name, holds_before, estimated_rows, data_mib, index_mib
SELECT p.table_name AS table_name, p.partition_name AS partition_name, p.partition_description AS holds_before,
       p.table_rows AS estimated_rows,
       ROUND(p.data_length / 1048576, 1) AS data_mib,
       ROUND(p.index_length / 1048576, 1) AS index_mib
FROM information_schema.partitions p
WHERE p.table_schema = DATABASE()
ORDER BY p.data_length + p.index_length DESC, p.table_name, p.partition_ordinal_position;
