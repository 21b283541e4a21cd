namespace Portal.Web.Identity;

/// <summary>How an attempt to sign in came out.</summary>
/// <param name="Succeeded">Signed in: the cookie is set.</param>
/// <param name="Error">Why not, for the person; empty when signed in.</param>
/// <param name="MustChangePassword">True when a new password must be chosen first.</param>
/// <param name="TooMany">True when the address has tried too often.</param>
/// <param name="NeedsCode">True when the password was right and a code of the authenticator app has to follow.</param>
public sealed record SignInOutcome(
    bool Succeeded, string Error, bool MustChangePassword = false, bool TooMany = false, bool NeedsCode = false)
{
    internal static SignInOutcome TooManyAttempts { get; } =
        new(false, N("Too many attempts from your address. Wait a minute, then try again."), TooMany: true);
}
