using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>A method, ready to be mapped to an endpoint.</summary>
internal sealed record ServiceMethod(IMethod Method, RequestDelegate Handler, IReadOnlyList<object> Metadata);
