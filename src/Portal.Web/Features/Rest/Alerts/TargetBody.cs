using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Sending;
using Portal.Web.Features.Rest.Json;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>What a target of alerts shall be. No record, so that nothing prints it by accident.</summary>
internal sealed class TargetBody
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>Email</c>, <c>Webhook</c>, <c>Slack</c>, <c>Teams</c>, <c>Discord</c> or <c>Ntfy</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is told in: <c>en</c>, <c>de</c> or <c>zh-Hans</c>.</summary>
    public string Language { get; init; } = "en";

    /// <summary>Where those who are told reach the portal, which links lead to; empty for no links, left out for what is there.</summary>
    public string? PortalUrl { get; init; }

    /// <summary>How it is reached; left out to keep what is there. It goes in and never comes out.</summary>
    public TargetSettings? Settings { get; init; }

    // Names alone: the number of a kind is nobody's.
    /// <param name="id">The target's.</param>
    /// <param name="portalUrl">What is there.</param>
    public AlertTarget ToTarget(Guid id, string portalUrl) => Enum.GetNames<TargetKind>().Contains(Kind)
        ? new AlertTarget { Id = id, Name = Name, Kind = Kind, Language = Language, PortalUrl = PortalUrl ?? portalUrl }
        : throw RestResults.Refused($"A kind is one of {string.Join(", ", Enum.GetNames<TargetKind>())}.");
}
