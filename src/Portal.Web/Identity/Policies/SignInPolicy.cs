namespace Portal.Web.Identity.Policies;

/// <summary>What administrators decide about signing in, for all portals of the database.</summary>
public sealed record SignInPolicy
{
    /// <summary>The shortest password that may be asked for.</summary>
    public const int LeastPasswordLength = 8;

    public const int MostPasswordLength = 64;

    public const int LeastIdleMinutes = 5;

    public const int MostLifetimeHours = 24 * 365;

    /// <summary>After how many minutes without use a session ends.</summary>
    public int IdleMinutes { get; init; } = 12 * 60;

    /// <summary>After how many hours a session ends in any case.</summary>
    public int LifetimeHours { get; init; } = 7 * 24;

    /// <summary>How many characters a password must have.</summary>
    public int PasswordLength { get; init; } = 10;

    /// <summary>Whether the sign-in page shows its form for passwords and passkeys only when it is asked for, with <c>?local=1</c>.</summary>
    public bool HidesLocalForm { get; init; }

    internal TimeSpan Idle => TimeSpan.FromMinutes(IdleMinutes);

    internal TimeSpan Lifetime => TimeSpan.FromHours(LifetimeHours);

    /// <summary>All that is wrong with it, for whoever sets it.</summary>
    public IReadOnlyList<string> FindProblems()
    {
        var problems = new List<string>();
        Check(IdleMinutes, LeastIdleMinutes, MostLifetimeHours * 60, "minutes without use", problems);
        Check(LifetimeHours, 1, MostLifetimeHours, "hours of a session", problems);
        Check(PasswordLength, LeastPasswordLength, MostPasswordLength, "characters of a password", problems);
        return problems;
    }

    private static void Check(int value, int least, int most, string what, List<string> problems)
    {
        if (value < least || value > most)
        {
            problems.Add(E("The {0} must be between {1} and {2}.", what, least, most));
        }
    }
}
