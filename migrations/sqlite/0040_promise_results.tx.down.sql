DROP TABLE sla_results;
