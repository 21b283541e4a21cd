namespace Portal.Engine.Api.Images.Models;

/// <summary>An image's layers.</summary>
internal sealed record RootFsModel(string Type, List<string> Layers);
