using Portal.Data.Entities;

namespace Portal.Web.Identity.TwoFactor;

/// <summary>Two-factor authentication is on from now on.</summary>
/// <param name="User">As saved: the present session has to be renewed with it, or it ends like the person's others.</param>
/// <param name="RecoveryCodes">Never shown again.</param>
internal sealed record TwoFactorStart(PortalUser User, IReadOnlyList<string> RecoveryCodes);
