"""How questions arrive and answers leave: routes, wire types, middleware, the files of the page."""
