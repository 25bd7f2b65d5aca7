DROP TABLE clients;
DROP TABLE staff;
