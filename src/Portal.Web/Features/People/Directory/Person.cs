namespace Portal.Web.Features.People.Directory;

/// <summary>A person as the list shows one.</summary>
internal sealed record Person
{
    public required Guid Id { get; init; }

    public required string UserName { get; init; }

    public required string DisplayName { get; init; }

    public bool Disabled { get; init; }

    /// <summary>True for a program, which acts by tokens and can't sign in.</summary>
    public bool IsServiceAccount { get; init; }

    public bool LockedOut { get; init; }

    public bool MustChangePassword { get; init; }

    /// <summary>True when a code of an authenticator app is asked for after the password.</summary>
    public bool HasTwoFactor { get; init; }

    /// <summary>True when a passkey opens the account, without a password or a code.</summary>
    public bool HasPasskeys { get; init; }

    public DateTimeOffset? LastSignInAt { get; init; }

    public IReadOnlyList<PersonGrant> Grants { get; init; } = [];

    /// <summary>For sorting.</summary>
    public string Roles => string.Join(", ", Grants.Select(grant => grant.Role));
}
