package dev.lastword.http;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents the errors of any call that takes rows. They are described in {@code responses.yml}.
 */
@ApiResponse(responseCode = "401", ref = "#/components/responses/Unauthorized")
@ApiResponse(responseCode = "403", ref = "#/components/responses/Forbidden")
@ApiResponse(responseCode = "413", ref = "#/components/responses/TooLarge")
@ApiResponse(responseCode = "415", ref = "#/components/responses/UnsupportedType")
@ApiResponse(responseCode = "503", ref = "#/components/responses/Unavailable")
@SecurityRequirement(name = "bearer")
@SecurityRequirement(name = "header")
@SecurityRequirement(name = "signature")
@SecurityRequirement(name = "parameter")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface IngestErrors {}
