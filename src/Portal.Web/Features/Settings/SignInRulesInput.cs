using Portal.Web.Identity.Policies;

namespace Portal.Web.Features.Settings;

/// <summary>What the form of the sign-in rules holds.</summary>
internal sealed class SignInRulesInput
{
    public int IdleMinutes { get; set; }

    public int LifetimeHours { get; set; }

    public int PasswordLength { get; set; }

    public bool HidesLocalForm { get; set; }

    public static SignInRulesInput Of(SignInPolicy policy) => new()
    {
        IdleMinutes = policy.IdleMinutes,
        LifetimeHours = policy.LifetimeHours,
        PasswordLength = policy.PasswordLength,
        HidesLocalForm = policy.HidesLocalForm,
    };

    public SignInPolicy ToPolicy() => new()
    {
        IdleMinutes = IdleMinutes,
        LifetimeHours = LifetimeHours,
        PasswordLength = PasswordLength,
        HidesLocalForm = HidesLocalForm,
    };
}
