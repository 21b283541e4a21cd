namespace Portal.Web.Features.Builds.History;

/// <summary>What the builder said about the whole.</summary>
internal sealed record BuildDetailNote(string Text, bool IsWarning);
