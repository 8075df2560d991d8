package dev.lastword.http;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents the errors of any call with a key and parameters. They are described in {@code
 * responses.yml}.
 */
@ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidParameter")
@ApiResponse(responseCode = "401", ref = "#/components/responses/Unauthorized")
@ApiResponse(responseCode = "403", ref = "#/components/responses/Forbidden")
@ApiResponse(responseCode = "503", ref = "#/components/responses/Unavailable")
@SecurityRequirement(name = "bearer")
@SecurityRequirement(name = "header")
@SecurityRequirement(name = "signature")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface CallErrors {}
