using Portal.Web.Access.Policies;

namespace Portal.Web.Features.Rest;

/// <summary>What an endpoint says of itself: its rule, and what stands in the document.</summary>
internal static class RestEndpointExtensions
{
    /// <summary>Needs a permission: on the node of the address, or, where there is none, somewhere.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, string permission) =>
        endpoint.RequireAuthorization(new RequirePermissionAttribute(permission));

    /// <summary>Either of both lets somebody reach it.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, string permission, string or) =>
        endpoint.RequireAuthorization(new RequirePermissionAttribute(permission, or));

    /// <summary>Answers with something.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="name">Of the operation, for generated clients. Never changed.</param>
    /// <param name="summary">What it does, in a line.</param>
    /// <param name="status">When it succeeds.</param>
    public static RouteHandlerBuilder Says<T>(this RouteHandlerBuilder endpoint, string name, string summary, int status = 200) =>
        endpoint.WithName(name).WithSummary(summary).Produces<T>(status);

    /// <summary>Answers with nothing but that it is done.</summary>
    public static RouteHandlerBuilder Does(
        this RouteHandlerBuilder endpoint, string name, string summary, int status = StatusCodes.Status204NoContent) =>
        endpoint.WithName(name).WithSummary(summary).Produces(status);
}
