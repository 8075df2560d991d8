SwaggerUIBundle({
  url: "/openapi.yml",
  dom_id: "#calls",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
