using Hls4Net.Core.Diagnostics;
using Hls4Net.Core.Graphs;
using Hls4Net.Operators.Onnx;
using Hls4Net.Operators.Trees;

namespace Hls4Net.Operators;

/// <summary>Every ONNX operator that can be imported, one line each.</summary>
public static class Catalogue
{
    private const int Last = OnnxImporter.NewestOpset;

    private static readonly string[] Standard = [""];

    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    private static readonly string[] Microsoft = ["com.microsoft"];

    /// <summary>ONNX Runtime's quantiser writes operators under its own domain where their integers are not those of the model's operator set.</summary>
    private static readonly string[] StandardOrMicrosoft = ["", "com.microsoft"];

    /// <summary>The domains under which exporters of quantised models have written their operators.</summary>
    private static readonly string[] Qonnx = ["qonnx.custom_op.general", "onnx.brevitas", "finn.custom_op.general", "brevitas", ""];

    /// <summary>The domain of what scikit-learn and its kin export.</summary>
    private static readonly string[] MachineLearning = [TreeCases.Domain];

    private static readonly string[] AndChannelsLast = ["", ChannelsLast.Domain];

    private static readonly string[] Sampling =
        ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli"];

    private static readonly string[] WithSubgraph = ["If", "Loop", "Scan", "SequenceMap"];

    /// <summary>All operators, by name.</summary>
    public static IReadOnlyList<CatalogueEntry> Entries { get; } =
    [
        new("Abs", 7, Last, AbsoluteValue.Import, AbsoluteValue.Cases, "", Standard),
        new("Acos", 7, Last, Apply.Import("acos"), Apply.Cases("Acos", 7), "", Standard),
        new("Acosh", 9, Last, Apply.Import("acosh"), Apply.Cases("Acosh", 9), "", Standard),
        new("Add", 7, Last, Addition.Import, Addition.Cases, "", Standard),
        new("And", 7, Last, Logic.ImportAnd, Logic.AndCases, "", Standard),
        new("ArgMax", 7, Last, ArgExtremum.ImportMax, ArgExtremum.MaxCases, "", Standard),
        new("ArgMin", 7, Last, ArgExtremum.ImportMin, ArgExtremum.MinCases, "", Standard),
        new("ArrayFeatureExtractor", 1, 5, FeatureColumns.ImportExtractor, FeatureColumns.ExtractorCases, "", MachineLearning),
        new("Asin", 7, Last, Apply.Import("asin"), Apply.Cases("Asin", 7), "", Standard),
        new("Asinh", 9, Last, Apply.Import("asinh"), Apply.Cases("Asinh", 9), "", Standard),
        new("Atan", 7, Last, Apply.Import("atan"), Apply.Cases("Atan", 7), "", Standard),
        new("Atanh", 9, Last, Apply.Import("atanh"), Apply.Cases("Atanh", 9), "", Standard),
        new("AveragePool", 7, Last, AveragePool.Import, AveragePool.Cases, "", AndChannelsLast),
        new("BatchNormalization", 7, Last, ScaleShift.Import, ScaleShift.Cases, "inference, constant parameters", AndChannelsLast),
        new("Binarizer", 1, 5, FeaturePreparation.ImportBinarizer, FeaturePreparation.BinarizerCases, "", MachineLearning),
        new("BipolarQuant", 1, Last, QonnxQuantisers.ImportBipolarQuant, QonnxQuantisers.BipolarQuantCases, "constant scale", Qonnx),
        new("Cast", 7, Last, Cast.Import, Cast.Cases, "to a narrower float without rounding", Standard),
        new("CastLike", 15, Last, Cast.ImportLike, Cast.LikeCases, "as Cast", Standard),
        new("Ceil", 7, Last, RoundToWhole.ImportCeil, RoundToWhole.CeilCases, "", Standard),
        new("Celu", 12, Last, Celu.Import, Celu.Cases, "", Standard),
        new("Clip", 7, Last, Clip.Import, Clip.Cases, "", Standard),
        new("Compress", 9, Last, GatherElements.ImportCompress, GatherElements.CompressCases, "constant condition", Standard),
        new("Concat", 7, Last, Concatenation.Import, Concatenation.Cases, "", Standard),
        new("Constant", 7, Last, Constant.Import, Constant.Cases, "numbers only", Standard),
        new("ConstantOfShape", 9, Last, StaticShape.ImportConstantOfShape, StaticShape.ConstantOfShapeCases, "", Standard),
        new("Conv", 7, Last, Convolution.Import, Convolution.Cases, "", AndChannelsLast),
        new("ConvInteger", 10, Last, IntegerProducts.ImportConvInteger, IntegerProducts.ConvIntegerCases, "constant zero points", Standard),
        new("ConvTranspose", 7, Last, TransposedConvolution.Import, TransposedConvolution.Cases, "", Standard),
        new("Cos", 7, Last, Apply.Import("cos"), Apply.Cases("Cos", 7), "", Standard),
        new("Cosh", 9, Last, Apply.Import("cosh"), Apply.Cases("Cosh", 9), "", Standard),
        new("CumSum", 11, Last, CumulativeSum.Import, CumulativeSum.Cases, "constant axis", Standard),
        new("DepthToSpace", 7, Last, DepthToSpace.Import, DepthToSpace.Cases, "", Standard),
        new("DequantizeLinear", 10, Last, LinearQuantisation.ImportDequantize, LinearQuantisation.DequantizeCases, "of integers", StandardOrMicrosoft),
        new("Div", 7, Last, Division.Import, Division.Cases, "", Standard),
        new("Dropout", 7, Last, Dropout.Import, Dropout.Cases, "inference; no mask", Standard),
        new("Einsum", 12, Last, Einsum.Import, Einsum.Cases, "", Standard),
        new("Elu", 7, Last, Elu.Import, Elu.Cases, "", Standard),
        new("Equal", 11, Last, Relation.ImportEqual, Relation.EqualCases, "", Standard),
        new("Erf", 9, Last, Apply.Import("erf"), Apply.Cases("Erf", 9), "", Standard),
        new("Exp", 7, Last, Apply.Import("exp"), Apply.Cases("Exp", 7), "", Standard),
        new("Expand", 8, Last, Expand.Import, Expand.Cases, "constant shape", Standard),
        new("EyeLike", 9, Last, StaticValues.ImportEyeLike, StaticValues.EyeLikeCases, "", Standard),
        new("FeatureVectorizer", 1, 5, FeatureColumns.ImportVectorizer, FeatureColumns.VectorizerCases, "", MachineLearning),
        new("Flatten", 7, Last, Flatten.Import, Flatten.Cases, "", Standard),
        new("Floor", 7, Last, RoundToWhole.ImportFloor, RoundToWhole.FloorCases, "", Standard),
        new("Gather", 7, Last, Gather.Import, Gather.Cases, "", Standard),
        new("GatherElements", 11, Last, GatherElements.Import, GatherElements.Cases, "constant indices", Standard),
        new("GatherND", 11, Last, GatherElements.ImportND, GatherElements.NDCases, "constant indices", Standard),
        new("Gelu", 20, Last, Gelu.Import, Gelu.Cases, "", Standard),
        new("Gemm", 7, Last, Dense.ImportGemm, Dense.GemmCases, "", Standard),
        new("GlobalAveragePool", 7, Last, ReduceSum.ImportGlobalAveragePool, ReduceSum.GlobalAveragePoolCases, "", AndChannelsLast),
        new("GlobalMaxPool", 7, Last, ReduceExtremum.ImportGlobalMaxPool, ReduceExtremum.GlobalMaxPoolCases, "", AndChannelsLast),
        new("Greater", 9, Last, Relation.ImportGreater, Relation.GreaterCases, "", Standard),
        new("GreaterOrEqual", 12, Last, Relation.ImportGreaterOrEqual, Relation.GreaterOrEqualCases, "", Standard),
        new("GroupNormalization", 18, Last, Normalisations.ImportGroup, Normalisations.GroupCases, "", Standard),
        new("HardSigmoid", 7, Last, HardSigmoid.Import, HardSigmoid.Cases, "", Standard),
        new("HardSwish", 14, Last, HardSigmoid.ImportHardSwish, HardSigmoid.HardSwishCases, "", Standard),
        new("Hardmax", 7, Last, OneHotMaximum.Import, OneHotMaximum.Cases, "", Standard),
        new("Identity", 7, Last, Identity.Import, Identity.Cases, "", Standard),
        new("Imputer", 1, 5, FeaturePreparation.ImportImputer, FeaturePreparation.ImputerCases, "", MachineLearning),
        new("InstanceNormalization", 7, Last, Normalisations.ImportInstance, Normalisations.InstanceCases, "", Standard),
        new("IntQuant", 1, Last, Quant.Import, Quant.IntQuantCases, "as Quant", Qonnx),
        new("IsInf", 10, Last, StaticValues.ImportIsInf, StaticValues.IsInfCases, "false: fixed point has no infinity", Standard),
        new("IsNaN", 9, Last, StaticValues.ImportIsNaN, StaticValues.IsNaNCases, "false: fixed point has no NaN", Standard),
        new("LRN", 7, Last, LocalResponseNormalization.Import, LocalResponseNormalization.Cases, "", Standard),
        new("LabelEncoder", 2, 5, FeatureColumns.ImportEncoder, FeatureColumns.EncoderCases, "numbers; texts only where a classifier gives them, or as results", MachineLearning),
        new("LayerNormalization", 17, Last, Normalisations.ImportLayer, Normalisations.LayerCases, "", Standard),
        new("LeakyRelu", 7, Last, LeakyRectify.ImportLeakyRelu, LeakyRectify.LeakyReluCases, "", Standard),
        new("Less", 9, Last, Relation.ImportLess, Relation.LessCases, "", Standard),
        new("LessOrEqual", 12, Last, Relation.ImportLessOrEqual, Relation.LessOrEqualCases, "", Standard),
        new("LinearClassifier", 1, 5, LinearModels.ImportClassifier, LinearModels.ClassifierCases, "no PROBIT", MachineLearning),
        new("LinearRegressor", 1, 5, LinearModels.ImportRegressor, LinearModels.RegressorCases, "no PROBIT", MachineLearning),
        new("Log", 7, Last, Apply.Import("log"), Apply.Cases("Log", 7), "", Standard),
        new("LogSoftmax", 7, Last, LogSoftmax.Import, LogSoftmax.Cases, "", Standard),
        new("LpNormalization", 7, Last, Normalisations.ImportLp, Normalisations.LpCases, "", Standard),
        new("LpPool", 7, Last, LpPool.Import, LpPool.Cases, "p up to 8", Standard),
        new("MatMul", 7, Last, Dense.ImportMatMul, Dense.MatMulCases, "", Standard),
        new("MatMulInteger", 10, Last, IntegerProducts.ImportMatMulInteger, IntegerProducts.MatMulIntegerCases, "constant zero points", Standard),
        new("Max", 8, Last, ElementwiseMaximum.Import, ElementwiseMaximum.Cases, "", Standard),
        new("MaxPool", 7, Last, MaxPool.Import, MaxPool.Cases, "", AndChannelsLast),
        new("Mean", 8, Last, Summation.ImportMean, Summation.MeanCases, "", Standard),
        new("MeanVarianceNormalization", 9, Last, Normalisations.ImportMeanVariance, Normalisations.MeanVarianceCases, "", Standard),
        new("Min", 8, Last, ElementwiseMinimum.Import, ElementwiseMinimum.Cases, "", Standard),
        new("Mish", 18, Last, Apply.Import("mish"), Apply.Cases("Mish", 18), "", Standard),
        new("Mod", 10, Last, Remainder.Import, Remainder.Cases, "", Standard),
        new("Mul", 7, Last, Multiplication.Import, Multiplication.Cases, "", Standard),
        new("MultiThreshold", 1, Last, MultiThreshold.Import, MultiThreshold.Cases, "constant thresholds", Qonnx),
        new("Neg", 7, Last, Negation.Import, Negation.Cases, "", Standard),
        new("NonZero", 9, Last, StaticValues.ImportNonZero, StaticValues.NonZeroCases, "of a constant", Standard),
        new("Normalizer", 1, 5, FeaturePreparation.ImportNormalizer, FeaturePreparation.NormalizerCases, "", MachineLearning),
        new("Not", 7, Last, Logic.ImportNot, Logic.NotCases, "", Standard),
        new("OneHot", 9, Last, OneHot.Import, OneHot.Cases, "constant depth", Standard),
        new("OneHotEncoder", 1, 5, FeatureColumns.ImportOneHot, FeatureColumns.OneHotCases, "categories as numbers", MachineLearning),
        new("Or", 7, Last, Logic.ImportOr, Logic.OrCases, "", Standard),
        new("PRelu", 7, Last, LeakyRectify.ImportPRelu, LeakyRectify.PReluCases, "", Standard),
        new("Pad", 7, Last, Pad.Import, Pad.Cases, "constant pads", Standard),
        new("Pow", 7, Last, Power.Import, Power.Cases, "constant exponent, or a constant positive base", Standard),
        new("QLinearAdd", 1, Last, MicrosoftQuantised.ImportAdd, MicrosoftQuantised.AddCases, "constant scales and zero points", Microsoft),
        new("QLinearConv", 10, Last, IntegerProducts.ImportQLinearConv, IntegerProducts.QLinearConvCases, "constant scales and zero points", Standard),
        new("QLinearGlobalAveragePool", 1, Last, MicrosoftQuantised.ImportGlobalAveragePool, MicrosoftQuantised.GlobalAveragePoolCases, "constant scales and zero points", Microsoft),
        new("QLinearMatMul", 10, Last, IntegerProducts.ImportQLinearMatMul, IntegerProducts.QLinearMatMulCases, "constant scales and zero points", Standard),
        new("QLinearMul", 1, Last, MicrosoftQuantised.ImportMul, MicrosoftQuantised.MulCases, "constant scales and zero points", Microsoft),
        new("Quant", 1, Last, Quant.Import, Quant.QuantCases, "constant scale, zero point and width", Qonnx),
        new("QuantizeLinear", 10, Last, LinearQuantisation.ImportQuantize, LinearQuantisation.QuantizeCases, "to integers; constant scale and zero point", StandardOrMicrosoft),
        new("RMSNormalization", 23, Last, Normalisations.ImportRootMeanSquare, Normalisations.RootMeanSquareCases, "", Standard),
        new("Range", 11, Last, StaticValues.ImportRange, StaticValues.RangeCases, "of constants", Standard),
        new("Reciprocal", 7, Last, Apply.Import("reciprocal"), Apply.Cases("Reciprocal", 7), "", Standard),
        new("ReduceL1", 7, Last, ReduceSum.ImportL1, ReduceSum.L1Cases, "constant axes", Standard),
        new("ReduceL2", 7, Last, NormalisedFunction.ImportL2, NormalisedFunction.L2Cases, "constant axes", Standard),
        new("ReduceLogSum", 7, Last, NormalisedFunction.ImportLogSum, NormalisedFunction.LogSumCases, "constant axes", Standard),
        new("ReduceLogSumExp", 7, Last, LogSumExp.Import, LogSumExp.Cases, "constant axes", Standard),
        new("ReduceMax", 7, Last, ReduceExtremum.ImportMax, ReduceExtremum.MaxCases, "constant axes", Standard),
        new("ReduceMean", 7, Last, ReduceSum.ImportMean, ReduceSum.MeanCases, "constant axes", Standard),
        new("ReduceMin", 7, Last, ReduceExtremum.ImportMin, ReduceExtremum.MinCases, "constant axes", Standard),
        new("ReduceProd", 7, Last, ReduceProduct.Import, ReduceProduct.Cases, "constant axes", Standard),
        new("ReduceSum", 7, Last, ReduceSum.ImportSum, ReduceSum.SumCases, "constant axes", Standard),
        new("ReduceSumSquare", 7, Last, ReduceSum.ImportSumSquare, ReduceSum.SumSquareCases, "constant axes", Standard),
        new("Relu", 7, Last, Rectify.Import, Rectify.Cases, "", Standard),
        new("Reshape", 7, Last, Reshape.Import, Reshape.Cases, "constant shape", Standard),
        new("Resize", 10, Last, Resize.Import, Resize.Cases, "no antialias", Standard),
        new("Round", 11, Last, RoundToWhole.ImportRound, RoundToWhole.RoundCases, "", Standard),
        new("Scaler", 1, 5, FeaturePreparation.ImportScaler, FeaturePreparation.ScalerCases, "", MachineLearning),
        new("Scatter", 9, 10, Scatter.ImportElements, Scatter.ScatterCases, "constant indices", Standard),
        new("ScatterElements", 11, Last, Scatter.ImportElements, Scatter.ElementsCases, "constant indices", Standard),
        new("ScatterND", 11, Last, Scatter.ImportND, Scatter.NDCases, "constant indices", Standard),
        new("Selu", 7, Last, Selu.Import, Selu.Cases, "", Standard),
        new("Shape", 7, Last, StaticShape.ImportShape, StaticShape.ShapeCases, "", Standard),
        new("Sigmoid", 7, Last, Apply.Import("sigmoid"), Apply.Cases("Sigmoid", 7), "", Standard),
        new("Sign", 9, Last, Sign.Import, Sign.Cases, "", Standard),
        new("SimplifiedLayerNormalization", 1, Last, Normalisations.ImportRootMeanSquare, Normalisations.SimplifiedCases, "", ["", "com.microsoft"]),
        new("Sin", 7, Last, Apply.Import("sin"), Apply.Cases("Sin", 7), "", Standard),
        new("Sinh", 9, Last, Apply.Import("sinh"), Apply.Cases("Sinh", 9), "", Standard),
        new("Size", 7, Last, StaticShape.ImportSize, StaticShape.SizeCases, "", Standard),
        new("Slice", 7, Last, Slice.Import, Slice.Cases, "constant positions", Standard),
        new("Softmax", 7, Last, Softmax.Import, Softmax.Cases, "", Standard),
        new("Softplus", 7, Last, Apply.Import("softplus"), Apply.Cases("Softplus", 7), "", Standard),
        new("Softsign", 7, Last, Apply.Import("softsign"), Apply.Cases("Softsign", 7), "", Standard),
        new("SpaceToDepth", 7, Last, DepthToSpace.ImportSpaceToDepth, DepthToSpace.SpaceToDepthCases, "", Standard),
        new("Split", 7, Last, Split.Import, Split.Cases, "constant extents", Standard),
        new("Sqrt", 7, Last, Apply.Import("sqrt"), Apply.Cases("Sqrt", 7), "", Standard),
        new("Squeeze", 7, Last, Squeeze.Import, Squeeze.Cases, "constant axes", Standard),
        new("Sub", 7, Last, Subtraction.Import, Subtraction.Cases, "", Standard),
        new("Sum", 8, Last, Summation.ImportSum, Summation.SumCases, "", Standard),
        new("Swish", 24, Last, Swish.Import, Swish.Cases, "", Standard),
        new("Tan", 7, Last, Apply.Import("tan"), Apply.Cases("Tan", 7), "", Standard),
        new("Tanh", 7, Last, Apply.Import("tanh"), Apply.Cases("Tanh", 7), "", Standard),
        new("ThresholdedRelu", 10, Last, ThresholdedRectify.Import, ThresholdedRectify.Cases, "", Standard),
        new("Tile", 7, Last, Tile.Import, Tile.Cases, "constant repeats", Standard),
        new("TopK", 7, Last, TopK.Import, TopK.Cases, "constant number of elements", Standard),
        new("Transpose", 7, Last, Transpose.Import, Transpose.Cases, "", Standard),
        new("TreeEnsemble", 5, 5, TreeImports.ImportEnsemble, TreeCases.EnsembleCases, "no PROBIT", MachineLearning),
        new("TreeEnsembleClassifier", 1, 5, TreeClassifier.Import, TreeCases.ClassifierCases, "texts as labels are numbered; no PROBIT", MachineLearning),
        new("TreeEnsembleRegressor", 1, 5, TreeImports.ImportRegressor, TreeCases.RegressorCases, "no PROBIT", MachineLearning),
        new("Trilu", 14, Last, Triangle.Import, Triangle.Cases, "constant diagonal", Standard),
        new("Trunc", 1, Last, QonnxQuantisers.ImportTrunc, QonnxQuantisers.TruncCases, "constant scales, zero point and widths", Qonnx),
        new("Unsqueeze", 7, Last, Unsqueeze.Import, Unsqueeze.Cases, "constant axes", Standard),
        new("Upsample", 7, 9, Resize.ImportUpsample, Resize.UpsampleCases, "", Standard),
        new("Where", 9, Last, Choice.Import, Choice.Cases, "", Standard),
        new("Xor", 7, Last, Logic.ImportXor, Logic.XorCases, "", Standard),
    ];

    private static readonly ILookup<string, CatalogueEntry> ByName = Entries.ToLookup(e => e.Name, StringComparer.Ordinal);

    /// <summary>The operator of a node.</summary>
    /// <exception cref="ImportException">There is none, or not in this operator set.</exception>
    internal static CatalogueEntry Find(FlatNode node, int opset, Origin origin)
    {
        var (type, where) = (node.Proto.OpType, Messages.At(origin));
        if (ByName[type].FirstOrDefault(e => e.Domains.Contains(node.Domain)) is { } entry)
        {
            // The versions are those of the first domain; the others are its copies and have versions of their own.
            return node.Domain != entry.Domains[0] || (opset >= entry.FirstOpset && opset <= entry.LastOpset)
                ? entry
                : throw new ImportException(Messages.OperatorOpset(where, type, opset, $"{entry.FirstOpset} to {entry.LastOpset}"));
        }
        if (node.Domain.Length == 0 && Sampling.Contains(type))
            throw new ImportException(Messages.Sampling(where, type));
        if (type == "DynamicQuantizeLinear")
            throw new ImportException(Messages.UnsupportedQuantiser(where, "DynamicQuantizeLinear chooses its scale anew for every event.", "Quantise statically, with calibration data."));
        if (type == "FloatQuant")
            throw new ImportException(Messages.UnsupportedQuantiser(where, "FloatQuant rounds to small floats, which are not fixed point.", "Use IntQuant."));
        if (node.Domain.Length == 0 && (WithSubgraph.Contains(type) || node.Proto.Attribute.Any(a => a.G is not null || a.Graphs.Count > 0)))
            throw new ImportException(Messages.Subgraph(where, type));
        throw new ImportException(ForeignOperators.Find(where, type, node.Domain) ?? Messages.UnsupportedOperator(where, type, node.Domain, Entries.Select(e => e.Name)));
    }
}
