using System.Text.Json.Serialization.Metadata;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Portal.Web.Access.Policies;
using Portal.Web.Configuration;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.OpenApi;

/// <summary><c>GET /api/v1/openapi.json</c>: the API as generated clients read it, made of the endpoints themselves.</summary>
internal static class RestDocument
{
    public const string Path = RestApi.Path + "/openapi.json";
    public const string Name = "v1";
    private const string Token = "token";

    public static void AddRestDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => ("/" + description.RelativePath).StartsWith(RestApi.Path + "/", StringComparison.Ordinal);
        options.CreateSchemaReferenceId = NameOf;
        options.AddSchemaTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeAsync);
        options.AddDocumentTransformer(DescribeAsync);
    });

    public static void MapRestDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, HandleAsync).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        [FromKeyedServices(Name)] IOpenApiDocumentProvider provider, CancellationToken cancellationToken)
    {
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        return Results.Text(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken), "application/json");
    }

    // Messages of several services have the same names.
    private static string? NameOf(JsonTypeInfo type)
    {
        var name = OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        var area = type.Type.Namespace?.Split('.') is ["Portal", "Contracts", var part, "V1"] ? part : "";
        return name is null || name.Contains(area.TrimEnd('s'), StringComparison.Ordinal) ? name : area + name;
    }

    private static Task DescribeAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(Timestamp))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        }
        else if (type == typeof(Duration))
        {
            (schema.Type, schema.Description) = (JsonSchemaType.Number, "Seconds.");
        }

        return Task.CompletedTask;
    }

    private static async Task DescribeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var description = context.Description;
        var parts = description.RelativePath!.Split('/');
        var area = parts is [_, _, "nodes", _, var part, ..] ? part : parts[2];
        operation.Tags = new HashSet<OpenApiTagReference> { new(area) };
        var rule = description.ActionDescriptor.EndpointMetadata.OfType<RequirePermissionAttribute>().FirstOrDefault();
        var permission = rule is { Alternative: { } other } ? $"{rule.Permission}` or `{other}" : rule?.Permission;
        operation.Description = permission is null
            ? "Needs a token or a session."
            : $"Needs `{permission}`{(parts is [_, _, "nodes", _, ..] ? " on the node" : "")}.";
        if (description.ActionDescriptor.EndpointMetadata.OfType<RestBodyMetadata>().FirstOrDefault() is { Type: var body })
        {
            var schema = await context.GetOrCreateSchemaAsync(body, null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
            };
        }

        var problem = await context.GetOrCreateSchemaAsync(typeof(RestProblem), null, cancellationToken);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A failure, as RFC 9457 has it.",
            Content = new Dictionary<string, OpenApiMediaType> { [RestProblem.MediaType] = new() { Schema = problem } },
        };
    }

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Portal",
            Version = Name,
            Description = "What the pages do, for programs. See docs/rest-api.md for what all of it has in common.",
        };
        var prefix = context.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value.PathBase;
        document.Servers = [new OpenApiServer { Url = $"{prefix}/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Token] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API token: portal_...",
            },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] }];
        return Task.CompletedTask;
    }
}
