UPDATE surfaces SET state = 'left' WHERE state = 'unlinked';
