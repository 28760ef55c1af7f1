-- A place whose surroundings are not linked any more is called as the history calls it.
UPDATE surfaces SET state = 'unlinked' WHERE state = 'left';
