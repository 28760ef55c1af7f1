DROP TABLE desks;

DROP TABLE digests;

DROP TABLE digest_plans;
