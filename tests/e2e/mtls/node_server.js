// node_server.js - https of Node, for each setting of a file
'use strict';
const fs = require('fs');
const https = require('https');

const hosts = JSON.parse(fs.readFileSync(process.argv[2]));

for (const h of hosts) {
	const options = {
		cert: fs.readFileSync(h.cert),
		key: fs.readFileSync(h.key),
		minVersion: h.version,
		maxVersion: h.version,
		// Builds differ: Node's own OpenSSL has 1, Debian's 2.
		ciphers: 'DEFAULT@SECLEVEL=1',
		requestCert: h.verify !== 'none',
		rejectUnauthorized: h.verify === 'require',
	};
	if (h.ca)
		options.ca = fs.readFileSync(h.ca);
	if (h.crl)
		options.crl = fs.readFileSync(h.crl);
	https.createServer(options, (request, response) => {
		if (h.answer && !request.socket.authorized)
			response.statusCode = Number(h.answer);
		response.end(h.text + '\n');
	}).listen(h.port, '127.0.0.1');
}
