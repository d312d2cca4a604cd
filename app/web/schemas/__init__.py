"""The wire types, each room of the API in a file: what is asked, and what is answered."""
