namespace Portal.Engine.Api.Tests.Cli;

/// <summary>Tests that share one engine.</summary>
[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>
{
    public const string Name = "engine";
}
