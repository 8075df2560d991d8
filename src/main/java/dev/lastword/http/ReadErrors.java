package dev.lastword.http;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents the errors of any call that reads. They are described in {@code responses.yml}. */
@ApiResponse(responseCode = "400", ref = "#/components/responses/InvalidParameter")
@ApiResponse(responseCode = "503", ref = "#/components/responses/Unavailable")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface ReadErrors {}
