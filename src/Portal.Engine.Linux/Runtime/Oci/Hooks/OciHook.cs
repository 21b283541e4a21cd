namespace Portal.Engine.Linux.Runtime.Oci.Hooks;

/// <summary>A program that the runtime runs at some step; the timeout is in seconds.</summary>
internal sealed record OciHook(string Path, IReadOnlyList<string>? Args, IReadOnlyList<string>? Env, int? Timeout);
