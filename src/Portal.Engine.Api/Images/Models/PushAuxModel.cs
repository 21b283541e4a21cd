namespace Portal.Engine.Api.Images.Models;

/// <summary>What a push brought, for programs.</summary>
internal sealed record PushAuxModel(string Tag, string Digest, long Size);
