using System.Net;
using System.Threading.RateLimiting;
using Portal.Web.Security;

namespace Portal.Web.Nodes.Joining;

/// <summary>Bounds attempts to join from one client (<see cref="ClientNetwork"/>): 30 at once, then one a second.</summary>
/// <remarks>Singleton. A filter of its own, so that it holds whatever the host's pipeline is.</remarks>
internal sealed class JoinRateLimit : IEndpointFilter, IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, IPAddress>(
        context => RateLimitPartition.GetTokenBucketLimiter(
            ClientNetwork.Of(context.Connection.RemoteIpAddress ?? IPAddress.None),
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = 30,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var lease = _limiter.AttemptAcquire(context.HttpContext);
        if (lease.IsAcquired)
        {
            return await next(context);
        }

        context.HttpContext.Response.Headers.RetryAfter = "2";
        return Results.Problem("Too many attempts to join. Try again in a moment.", statusCode: StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => _limiter.Dispose();
}
