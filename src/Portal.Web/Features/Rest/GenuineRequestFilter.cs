using Microsoft.AspNetCore.Antiforgery;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Security;

namespace Portal.Web.Features.Rest;

/// <summary>A change by a session's cookie must come from our own page; programs have a token, which no browser sends by itself.</summary>
internal sealed class GenuineRequestFilter(IAntiforgery antiforgery) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!HttpMethods.IsGet(http.Request.Method) && !await antiforgery.IsGenuineAsync(http))
        {
            const string Advice = "Use an API token: Authorization: Bearer portal_... A session's cookie is good for reading alone here.";
            throw new RestProblemException(ProblemKind.ForgedRequest, Advice);
        }

        return await next(context);
    }
}
