const order = (call) => [call.get("method") === "post" ? 0 : 1, call.get("path")];

SwaggerUIBundle({
  url: "/openapi.yml",
  dom_id: "#calls",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  // What is sent before what is read.
  operationsSorter: (a, b) => (order(a) < order(b) ? -1 : 1),
  validatorUrl: null,
});
