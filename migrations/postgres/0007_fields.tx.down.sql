DROP TABLE IF EXISTS ticket_fields;
