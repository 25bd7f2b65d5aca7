DROP TABLE scores;
DROP TABLE instruments;
