DROP TABLE safety;
DROP TABLE acknowledgements;
DROP TABLE policies;
DROP TABLE breaches;
