namespace Portal.Peers.Tests;

/// <summary>Something to build. Contents that begin with <c>-></c> are links; <c>TAR</c>, <c>TGZ</c>, <c>TXZ</c> are archives.</summary>
/// <param name="Dockerfile">What is built.</param>
/// <param name="Files">The context besides.</param>
/// <param name="Base">A Dockerfile whose image is built before, as <c>base:1</c>; or null.</param>
/// <param name="Arguments">Build arguments.</param>
/// <param name="Target">The stage, or null for the last.</param>
internal sealed record BuildCase(
    string Dockerfile,
    (string Path, string Content)[] Files,
    string? Base = null,
    (string Name, string Value)[]? Arguments = null,
    string? Target = null);
