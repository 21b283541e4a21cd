namespace Portal.Agent.Tests.Survival;

/// <summary>Whole agents with many containers, one test after the other: side by side they would only wait for each other.</summary>
[CollectionDefinition(Name)]
public sealed class SurvivalCollection
{
    public const string Name = "survival";
}
