using Microsoft.AspNetCore.Identity;
using Portal.Data.Entities;

namespace Portal.Web.Identity.Policies;

/// <summary>What a password must be beyond Identity's own rules: as long as the policy says, and none that is known to attackers.</summary>
internal sealed class PasswordRules(SignInPolicies policies, BreachedPasswords breached) : IPasswordValidator<PortalUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<PortalUser> manager, PortalUser user, string? password)
    {
        var policy = await policies.ReadAsync(CancellationToken.None);
        if (password is null || password.Length < policy.PasswordLength)
        {
            return Fail("PasswordTooShort", E("Passwords must be at least {0} characters.", policy.PasswordLength));
        }

        if (password.Equals(user.UserName, StringComparison.OrdinalIgnoreCase))
        {
            return Fail("PasswordIsName", N("The password must differ from the user name."));
        }

        return breached.Contains(password)
            ? Fail("PasswordBreached", N("This password stands in lists that attackers try first. Choose another one."))
            : IdentityResult.Success;
    }

    private static IdentityResult Fail(string code, string description) =>
        IdentityResult.Failed(new IdentityError { Code = code, Description = description });
}
