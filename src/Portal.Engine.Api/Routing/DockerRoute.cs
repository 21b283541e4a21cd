namespace Portal.Engine.Api.Routing;

/// <summary>
/// One path of Docker's API as its documentation writes it. It is metadata of the endpoints, so that the table in the documentation and
/// every check that runs over "all routes" come from what is really mapped.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path without a version, such as <c>/containers/{id}/json</c>.</param>
/// <param name="Support">How much of it is there.</param>
/// <param name="Note">What is missing, or why it is refused; empty when there is nothing to say.</param>
/// <param name="Body">What the request's body may be.</param>
public sealed record DockerRoute(string Method, string Path, DockerRouteSupport Support, string Note, DockerRouteBody Body);
