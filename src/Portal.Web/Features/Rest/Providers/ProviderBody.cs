using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Settings.Providers;
using Portal.Web.Identity.Providers;

namespace Portal.Web.Features.Rest.Providers;

/// <summary>What a provider of sign-in shall be. No record, so that nothing prints it by accident.</summary>
internal sealed class ProviderBody
{
    public required string Name { get; init; }

    public required ProviderKind Kind { get; init; }

    /// <summary>Its address; left out for the one that is known of the kind.</summary>
    public string? Authority { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Goes in and never comes out; empty to keep the one that is there.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Whether the sign-in page offers it.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Who may come in, and into which teams; what is left out is as the kind has it.</summary>
    public ProviderSettings Settings { get; init; } = new();

    public ProviderInput ToInput(Guid id)
    {
        if (Settings.Domains.Concat(Settings.Groups).Any(text => text is null) || Settings.Teams.Any(pair => pair is null))
        {
            throw new RestProblemException(ProblemKind.InvalidRequest, "A list of the settings holds null.");
        }

        var input = new ProviderInput { Id = id };
        input.Become(Kind);
        input.Name = Name;
        input.Authority = Authority ?? input.Authority;
        input.ClientId = ClientId;
        input.Secret = Secret;
        input.Enabled = Enabled;
        input.Settings = Settings with
        {
            Scopes = Settings.Scopes.Length > 0 ? Settings.Scopes : input.Settings.Scopes,
            GroupClaim = Settings.GroupClaim.Length > 0 ? Settings.GroupClaim : input.Settings.GroupClaim,
        };
        return input;
    }
}
