using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Portal.Web.Access;
using Portal.Web.Security;

namespace Portal.Web.Identity;

/// <summary>
/// Adds to each request's user where it came from. A circuit keeps the user of the request that opened it, so the audit log can tell
/// the address of what is done in a page, where no request is at hand.
/// </summary>
internal sealed class AddressClaims(IHttpContextAccessor contexts) : IClaimsTransformation
{
    public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (principal.Identity is not ClaimsIdentity { IsAuthenticated: true }
            || principal.HasClaim(claim => claim.Type == PortalClaims.Address))
        {
            return Task.FromResult(principal);
        }

        var text = ClientAddress.TextOf(contexts.HttpContext?.Connection.RemoteIpAddress);

        // An identity of its own, on a copy: the cookie's principal stays as it is, and may be written back to the cookie.
        var copy = new ClaimsPrincipal(principal.Identities);
        copy.AddIdentity(new ClaimsIdentity([new Claim(PortalClaims.Address, text)]));
        return Task.FromResult(copy);
    }
}
