using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>The OpenAPI document tells of the endpoints that there are, all of them and no others.</summary>
[Collection(RestCollection.Name)]
public sealed class RestDocumentTests(RestPortal portal)
{
    // The document itself, and what is no plain HTTP: a console's WebSocket.
    private static readonly string[] s_left = ["GET /api/v1/openapi.json"];

    [Fact]
    public async Task Document_Endpoints_StandInItAllAndNoOthers()
    {
        var document = await ReadAsync();
        var told = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).ToHashSet();

        var real = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {WithoutConstraints(endpoint.RoutePattern)}"))
            .Except(s_left)
            .ToHashSet();

        Assert.Empty(real.Except(told));
        Assert.Empty(told.Except(real));
    }

    [Fact]
    public async Task Document_Operations_HaveANameASummaryAnAnswerAndProblems()
    {
        var document = await ReadAsync();
        var names = new HashSet<string>();
        foreach (var (path, operation) in Operations(document))
        {
            Assert.True(operation.TryGetProperty("operationId", out var name) && names.Add(name.GetString()!), path);
            Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 5, path);
            Assert.True(operation.GetProperty("responses").TryGetProperty("default", out _), path);
            Assert.True(operation.GetProperty("responses").EnumerateObject().Any(answer => answer.Name.StartsWith('2')), path);
        }
    }

    // OpenAPI 3.1, 4.8.8.2: paths that differ in the names of their parameters alone are the same, and must not stand there twice.
    [Fact]
    public async Task Document_Paths_DifferInMoreThanNames()
    {
        var document = await ReadAsync();
        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();

        var twice = paths.GroupBy(path => System.Text.RegularExpressions.Regex.Replace(path, "{[^}]*}", "{}")).Where(same => same.Count() > 1);

        Assert.Empty(twice.SelectMany(same => same));
    }

    [Fact]
    public async Task Document_References_AllLeadSomewhere()
    {
        var document = await ReadAsync();
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();
        var references = References(document).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference =>
            Assert.Contains(reference.Replace("#/components/schemas/", "", StringComparison.Ordinal).Split('/')[0], schemas));
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_CreateContainer_HasTheContractsFields()
    {
        var document = await ReadAsync();
        var operation = document.GetProperty("paths").GetProperty("/api/v1/nodes/{nodeId}/containers").GetProperty("post");
        var body = operation.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        var schema = body.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : body;
        schema = schema.GetProperty("properties");

        Assert.Equal("array", schema.GetProperty("binds").GetProperty("type").GetString());
        Assert.Equal("string", schema.GetProperty("image").GetProperty("type").GetString());
        Assert.Equal("integer", schema.GetProperty("shmSizeBytes").GetProperty("type").GetString());
        Assert.False(schema.TryGetProperty("hasStopTimeoutSeconds", out _));
    }

    private static IEnumerable<(string Path, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => ($"{operation.Name} {path.Name}", operation.Value)));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.Name == "$ref" && property.Value.ValueKind == JsonValueKind.String
                ? [property.Value.GetString()!]
                : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };

    private static string WithoutConstraints(Microsoft.AspNetCore.Routing.Patterns.RoutePattern pattern) => "/" + string.Join('/',
        pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => "",
        }))));

    private async Task<JsonElement> ReadAsync()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Viewer);
        return await client.GetAsync("/api/v1/openapi.json").OkAsync();
    }
}
