namespace Portal.Engine.Api.System.Models;

/// <summary>What a check of the store came to.</summary>
internal sealed record StoreReportModel(
    int Blobs, long Bytes, int Layers, int Images, int Problems, long UnusedBytes, long FreedBytes, bool IsSound);
