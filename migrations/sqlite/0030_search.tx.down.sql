DROP TABLE IF EXISTS search_backlog;

DROP TABLE IF EXISTS search_names;

DROP TABLE IF EXISTS search_changes;

DROP TABLE IF EXISTS search_words;

DROP TABLE IF EXISTS search_documents;
