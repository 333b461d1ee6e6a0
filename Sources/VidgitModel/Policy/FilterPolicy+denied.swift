// Every filter of FFmpeg 5.1 that recipes may not use, and why. A filter in neither this table nor
// the other is newer than this version of vidgit, and refused too.
extension FilterPolicy {
  /// Why a filter is refused, by name.
  public static let denied: [String: String] = {
    var reasons: [String: String] = [:]
    for (reason, names) in denials {
      for name in names.split(whereSeparator: \.isWhitespace) { reasons[String(name)] = reason }
    }
    return reasons
  }()

  private static let denials: [(reason: String, names: String)] = [
    (
      "it reads or writes files",
      """
      ass cover_rect drawtext fieldhint find_rect lut1d lut3d metadata nnedi psnr removelogo
      signature ssim subtitles vidstabdetect vidstabtransform vmafmotion
      """
    ),
    (
      "it opens files, network addresses or devices",
      """
      amovie movie
      """
    ),
    (
      "it runs a plugin or a model from outside",
      """
      asr derain dnn_classify dnn_detect dnn_processing frei0r frei0r_src ladspa libplacebo
      lv2 sr
      """
    ),
    (
      "it takes commands for other filters",
      """
      asendcmd azmq sendcmd zmq
      """
    ),
    (
      "it needs a graphics card, whose pixels differ from machine to machine",
      """
      avgblur_opencl avgblur_vulkan blend_vulkan boxblur_opencl chromaber_vulkan
      chromakey_cuda colorkey_opencl convolution_opencl deinterlace_qsv deinterlace_vaapi
      denoise_vaapi deshake_opencl dilation_opencl erosion_opencl flip_vulkan gblur_vulkan
      hflip_vulkan hwdownload hwmap hwupload hwupload_cuda nlmeans_opencl openclsrc
      overlay_cuda overlay_opencl overlay_qsv overlay_vaapi overlay_vulkan pad_opencl
      prewitt_opencl procamp_vaapi program_opencl remap_opencl roberts_opencl scale_cuda
      scale_qsv scale_vaapi scale_vulkan sharpness_vaapi sobel_opencl thumbnail_cuda
      tonemap_opencl tonemap_vaapi transpose_opencl transpose_vaapi transpose_vulkan
      unsharp_opencl vflip_vulkan vpp_qsv xfade_opencl yadif_cuda
      """
    ),
    (
      "it makes pictures out of nothing: a pass changes frames that are there",
      """
      allrgb allyuv cellauto color colorchart colorspectrum gradients haldclutsrc life
      mandelbrot mptestsrc nullsrc pal100bars pal75bars rgbtestsrc sierpinski smptebars
      smptehdbars testsrc testsrc2 yuvtestsrc
      """
    ),
    (
      "it belongs to vidgit itself",
      """
      abuffer abuffersink buffer buffersink nullsink
      """
    ),
    (
      "it changes how many frames there are, or when they play; cut and splice do that",
      """
      concat cue decimate dejudder detelecine doubleweave feedback field fieldmatch fps
      framepack framerate framestep freezeframes interlace interleave latency loop
      minterpolate mpdecimate pullup random realtime repeatfields reverse segment select
      separatefields setpts settb shuffleframes streamselect telecine thumbnail tile
      tinterlace tpad trim untile weave xfade zoompan
      """
    ),
    (
      "it loses frames at an end of the clip",
      """
      amplify tblend tlut2 tmedian
      """
    ),
    (
      "it holds frames back without a bound, or never gives them",
      """
      afifo fifo
      """
    ),
    (
      "it only reports what it sees, and changes no pixel",
      """
      bbox bench blackdetect blackframe blockdetect blurdetect codecview cropdetect entropy
      freezedetect graphmonitor identity idet mestimate msad perms pixdesctest qp readeia608
      readvitc scdet showinfo sidedata signalstats siti vfrdet vif
      """
    ),
    (
      "it draws a measuring instrument over the picture",
      """
      agraphmonitor ciescope datascope drawgraph histogram oscilloscope pixscope showpalette
      thistogram vectorscope waveform
      """
    ),
    (
      "it takes an expression or a table for every pixel or coefficient: a single frame can take minutes",
      """
      fftfilt geq
      """
    ),
    (
      "it takes far too long for each frame",
      """
      bm3d convolve dctdnoiz deconvolve elbg fspp greyedge guided morpho owdenoise spp
      xcorrelate
      """
    ),
    (
      "it needs a second picture from outside, which a recipe cannot bring",
      """
      colormap displace haldclut mergeplanes remap scale2ref varblur
      """
    ),
    (
      "it changes how frames are tagged, not their pixels; video.json says that",
      """
      addroi fieldorder setdar setfield setsar
      """
    ),
    (
      "it corrupts memory (seen with FFmpeg 5.1)",
      """
      kerndeint
      """
    ),
    (
      "it never ends on a clip shorter than its window (seen with FFmpeg 5.1)",
      """
      atadenoise
      """
    ),
    (
      "it is not measured yet",
      """
      delogo
      """
    ),
    (
      "its library gives other pixels with other instruction sets, and takes free text",
      """
      pp
      """
    ),
    (
      "it works on sound, not on pictures",
      """
      abench abitscope acompressor acontrast acopy acrossfade acrossover acrusher acue
      adeclick adeclip adecorrelate adelay adenorm aderivative adrawgraph adynamicequalizer
      adynamicsmooth aecho aemphasis aeval aevalsrc aexciter afade afftdn afftfilt afir
      afirsrc aformat afreqshift afwtdn agate ahistogram aiir aintegral ainterleave alatency
      alimiter allpass aloop amerge ametadata amix amultiply anequalizer anlmdn anlmf anlms
      anoisesrc anull anullsink anullsrc apad aperms aphasemeter aphaser aphaseshift
      apsyclip apulsator arealtime aresample areverse arnndn asdr asegment aselect
      asetnsamples asetpts asetrate asettb ashowinfo asidedata asoftclip aspectralstats
      asplit astats astreamselect asubboost asubcut asupercut asuperpass asuperstop atempo
      atilt atrim avectorscope avsynctest axcorrelate bandpass bandreject bass biquad bs2b
      channelmap channelsplit chorus compand compensationdelay crossfeed crystalizer dcshift
      deesser dialoguenhance drmeter dynaudnorm earwax ebur128 equalizer extrastereo
      firequalizer flanger flite haas hdcd headphone highpass highshelf hilbert join
      loudnorm lowpass lowshelf mcompand pan replaygain rubberband showcqt showfreqs
      showspatial showspectrum showspectrumpic showvolume showwaves showwavespic
      sidechaincompress sidechaingate silencedetect silenceremove sinc sine sofalizer
      spectrumsynth speechnorm stereotools stereowiden superequalizer surround tiltshelf
      treble tremolo vibrato virtualbass volume volumedetect
      """
    ),
  ]
}
