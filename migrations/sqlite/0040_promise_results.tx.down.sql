DROP TABLE sla_followed;

DROP TABLE sla_results;
