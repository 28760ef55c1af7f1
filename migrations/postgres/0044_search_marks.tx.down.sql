DROP INDEX IF EXISTS search_documents_marks;
