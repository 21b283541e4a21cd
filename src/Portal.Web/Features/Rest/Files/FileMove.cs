namespace Portal.Web.Features.Rest.Files;

/// <summary>What is called otherwise from now on. Both paths are absolute.</summary>
internal sealed record FileMove(string Path, string NewPath);
