namespace Portal.Engine.Api.Json;

/// <summary>Go's <c>struct{}</c>: the values of maps that stand for sets.</summary>
internal sealed record EmptyObject
{
    public static EmptyObject Instance { get; } = new();

    public static Dictionary<string, EmptyObject> SetOf(IEnumerable<string> names) =>
        names.Distinct().ToDictionary(name => name, _ => Instance);
}
