using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Portal.Contracts.Metrics;
using Portal.Web.Configuration;

namespace Portal.Web.Metrics;

/// <summary>Tells collectors of metrics by the token that was set, or by where they come from; no person's session is good for them.</summary>
internal sealed class MetricsAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IOptions<PortalOptions> portal)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Metrics";

    /// <summary>The policy of all that only a collector may reach.</summary>
    public const string Policy = "metrics";

    public const string Claim = "portal:metrics";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var access = MetricsAccess.Parse(portal.Value.MetricsToken, portal.Value.MetricsNetworks, out _);
        return Task.FromResult(access.Allows(Context.Connection.RemoteIpAddress, Request.Headers.Authorization)
            ? AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(Claim, "read")], SchemeName)), SchemeName))
            : AuthenticateResult.NoResult());
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Task.CompletedTask;
    }
}
