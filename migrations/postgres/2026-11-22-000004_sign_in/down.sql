DROP TABLE throttles;
DROP TABLE refresh_tokens;
DROP TABLE sign_ins;
DROP TABLE invitations;
DROP TABLE accounts;
